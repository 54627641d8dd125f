"""What is measured of units: readings that are reported, facts that are computed."""
