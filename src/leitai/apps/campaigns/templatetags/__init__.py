"""Tags for pages of campaigns."""
