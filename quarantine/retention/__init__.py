"""How long contents of mail that has ended are kept, and that they are gone then. May open: nothing; stores are asked."""
