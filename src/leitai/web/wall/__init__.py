"""What hangs on a place's wall: tiles put together from the rooms' queries, its map, and the screens it hangs on."""
