"""The same 住民票の写し by us and by others, as templates, samples and processes of their own."""
