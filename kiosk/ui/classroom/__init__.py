"""What a class adds to the kiosk: cards to lay down, faults to switch on."""
