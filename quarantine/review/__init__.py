"""What those who answer for the policy are told of a month, in figures. May open: nothing; a store is asked."""
