"""From a register's records to what certificates say."""
