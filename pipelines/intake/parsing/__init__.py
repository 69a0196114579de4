"""From one written cell to typed parts; nothing here converts."""
