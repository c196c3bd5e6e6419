"""The widgets of the explorer, one file a widget."""
