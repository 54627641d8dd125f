"""Pages that read several rooms: board, unit, desk, office, calendar, ledger."""
