"""The hot door: ballots in, durable before the thank-you, many a second."""
