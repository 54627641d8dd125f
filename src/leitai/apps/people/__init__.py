"""Who there is: places, units as a tree, accounts and their posts, enterprises and their sponsors."""
