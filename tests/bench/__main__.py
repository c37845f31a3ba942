"""`make bench`: runs every bench_*.py beside this file, each in a process of its own, and keeps going when one fails."""

import subprocess
import sys
from pathlib import Path


def main() -> int:
    folder = Path(__file__).parent
    failed = []
    for script in sorted(folder.glob("bench_*.py")):
        print(f"\n== {script.stem.removeprefix('bench_')} ==", flush=True)
        module = f"tests.bench.{script.stem}"
        if subprocess.run([sys.executable, "-m", module], cwd=folder.parents[1], check=False).returncode:
            failed.append(script.stem)
    if failed:
        print(f"\nDid not end well: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
