"""What comes from people and other sites, made safe on the way in: text, addresses to embed, pictures."""
