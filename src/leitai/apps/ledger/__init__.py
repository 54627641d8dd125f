"""What happened, in an order that never changes: events, sealed into a hash chain and a Merkle tree."""
