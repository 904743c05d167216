"""Papers from a roll: receipts, tickets, fee lists."""
