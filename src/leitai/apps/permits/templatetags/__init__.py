"""Tags of the pages of permits."""
