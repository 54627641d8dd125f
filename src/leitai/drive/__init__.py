"""From the ledger to what follows: rules applied to events, due clocks, occasions; the worker's loop."""
