"""Pages of chains: all of them, one, a link, a gap, what to push; and the workbook."""
