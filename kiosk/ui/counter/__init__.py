"""kiosk/ui/counter"""
