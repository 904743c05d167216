"""kiosk/ui/resident"""
