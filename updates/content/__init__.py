"""Makes input from people and other sites safe before it is stored: text, addresses to embed, pictures."""
