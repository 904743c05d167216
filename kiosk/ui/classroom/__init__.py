"""kiosk/ui/classroom"""
