"""Pages that read several rooms: the front page, the public board, units."""
