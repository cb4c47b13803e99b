"""What we were told: settings (where and how), policy (what shall happen)."""
