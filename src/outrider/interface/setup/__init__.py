"""The program that makes the plugin's environment. Run by any Python 3.11; standard library only."""
