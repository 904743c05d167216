"""devices/simulated"""
