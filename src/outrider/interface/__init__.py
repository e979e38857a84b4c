"""How people and programs call Outrider. Nobody imports these."""
