"""Mail in our custody: items, their life cycle, who may do what to them."""
