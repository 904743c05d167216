"""The My Number card as its files, keys and counters are, answering APDUs without plastic."""
