"""The blog API of Logto's authorization tutorial."""
