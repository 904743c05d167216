"""kiosk/usecases"""
