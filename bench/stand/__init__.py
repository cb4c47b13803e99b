"""What measurements stand on: mails, a load generator, peers to compare with, and what they use of the machine."""
