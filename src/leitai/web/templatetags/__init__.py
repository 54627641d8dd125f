"""Template tags of the pages that read several rooms."""
