"""The design system: tokens, words, buttons, keypad, pages; calm, large, one question a page."""
