"""A My Number card without plastic: the same answers, byte for byte, from made-up people."""
