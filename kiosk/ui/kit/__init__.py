"""kiosk/ui/kit"""
