"""What is wrong, and what to do: with the records and the store, and with the installation."""
