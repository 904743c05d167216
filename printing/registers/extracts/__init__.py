"""From the register's records to what each certificate says: only what was asked for."""
