"""Doors out: channels that messages go to, and the messages that wait for them."""
