"""The floor: prepared images through the bare openai SDK, one ``create`` each, nothing else. Used by main_job.py."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from pathlib import Path
from typing import Any

import openai


async def main(url: str, cache: Path, concurrency: int) -> None:
    """Send every prepared sample once."""
    (index,) = (cache / "prepared").glob("*/index.jsonl")
    samples = [json.loads(line) for line in index.read_text().splitlines()]
    slots = asyncio.Semaphore(concurrency)
    async with openai.AsyncOpenAI(api_key="none", base_url=url, max_retries=0) as client, asyncio.TaskGroup() as group:

        async def send(sample: dict[str, Any]) -> None:
            content: list[Any] = [
                {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{read(index.parent, image)}"}}
                for image in sample["images"]
            ]
            content.append({"type": "text", "text": sample["question"]})
            await client.chat.completions.create(model="bench", messages=[{"role": "user", "content": content}])
            slots.release()

        for sample in samples:
            await slots.acquire()
            group.create_task(send(sample))


def read(folder: Path, image: dict[str, Any]) -> str:
    """Return an image as base64."""
    return base64.b64encode((folder / image["path"]).read_bytes()).decode()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
