"""The services: address, key, wire format and what each documents about images. A compatible service is one line.

Limits that are not given are not documented. Where pages of a vendor disagree, the smaller figure stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from mmra_api.images import ImageLimits
from mmra_api.providers.service import Service

MB = 1_000_000
MIB = 1024 * 1024
NEWER_NAME = {"max_tokens": "max_completion_tokens"}
"""OpenAI renamed the output budget for its reasoning models; the documentation of these services calls the old name
outdated (OpenRouter, xAI, Groq, DashScope and Moonshot, each on its page of chat completions)."""

REASONING = 16_384
"""An output budget with room for reasoning."""

PROVIDERS: Mapping[str, Service] = {
    "openai": Service(
        base_url="https://api.openai.com/v1",
        key_variables=("OPENAI_API_KEY",),
        address_variable="OPENAI_BASE_URL",
        wire="openai_responses",
        compatible="openai_chat",
        renamed=NEWER_NAME,
        # developers.openai.com/api/docs/guides/images-vision: 512 MB and 1,500 images a request, "non-animated GIF";
        # third parties measured a refusal from 50 MiB of images on. Large images are scaled down there, never refused.
        images=ImageLimits(max_images=1500, max_request_bytes=50 * MB),
    ),
    "anthropic": Service(
        base_url="https://api.anthropic.com",
        key_variables=("ANTHROPIC_API_KEY",),
        address_variable="ANTHROPIC_BASE_URL",
        wire="anthropic",
        # platform.claude.com/docs/en/build-with-claude/vision: 5 MB an image (10 on newer pages), as base64;
        # 8,000 pixels a side, 2,000 with more than 20 images; 100 images and 32 MB a request.
        images=ImageLimits(
            max_bytes=5 * MIB * 3 // 4, max_side=8000, many_images=(20, 2000), max_images=100, max_request_bytes=32 * MB
        ),
    ),
    "google": Service(
        base_url="https://generativelanguage.googleapis.com",
        key_variables=("GOOGLE_API_KEY", "GEMINI_API_KEY"),  # in the order of the vendor's SDK
        address_variable="GOOGLE_GEMINI_BASE_URL",
        wire="gemini",
        # ai.google.dev/gemini-api/docs/image-understanding: PNG, JPEG, WebP, HEIC, HEIF; 3,600 images and 20 MB inline
        # data a request (a newer page says 100 MB). No GIF.
        images=ImageLimits(formats=("jpeg", "png", "webp", "heif"), max_images=3600, max_request_bytes=20 * MB),
    ),
    "azure-openai": Service(
        # learn.microsoft.com/azure/foundry/openai/api-version-lifecycle: the v1 interface; model ids are deployments.
        base_url="${AZURE_OPENAI_ENDPOINT}/openai/v1",
        key_variables=("AZURE_OPENAI_API_KEY",),
        wire="openai_responses",
        renamed=NEWER_NAME,
        # learn.microsoft.com/azure/ai-foundry/openai/quotas-limits: 50 images a request; formats as at OpenAI.
        images=ImageLimits(max_images=50, max_request_bytes=50 * MB),
    ),
    "openrouter": Service(
        # openrouter.ai/docs/features/multimodal/images: limits are those of the provider behind it.
        base_url="https://openrouter.ai/api/v1",
        key_variables=("OPENROUTER_API_KEY",),
        renamed=NEWER_NAME,
    ),
    "together": Service(
        base_url="https://api.together.ai/v1",
        key_variables=("TOGETHER_API_KEY",),
        max_tokens=REASONING,  # by default 2,048 with the reasoning, as others measured: huggingface/chat-ui#2133
    ),
    "mistral": Service(
        base_url="https://api.mistral.ai/v1",
        key_variables=("MISTRAL_API_KEY",),
        renamed={"seed": "random_seed"},
        # docs.mistral.ai/capabilities/vision: 10 MB a file, 10,000 pixels a side, 8 images, GIF of one frame.
        images=ImageLimits(max_bytes=10 * MB * 3 // 4, max_side=10_000, max_images=8),
    ),
    "xai": Service(
        base_url="https://api.x.ai/v1",
        key_variables=("XAI_API_KEY",),
        renamed=NEWER_NAME,
        # docs.x.ai/developers/model-capabilities/images/understanding: JPEG or PNG, 20 MiB an image, any number.
        images=ImageLimits(formats=("jpeg", "png"), max_bytes=20 * MIB * 3 // 4),
    ),
    "groq": Service(
        base_url="https://api.groq.com/openai/v1",
        key_variables=("GROQ_API_KEY",),
        renamed=NEWER_NAME,
        max_tokens=8192,  # console.groq.com/docs/reasoning: 1,024 by default, which cuts a model that reasons
        # console.groq.com/docs/vision: 4 MB a request with base64, 33,177,600 pixels an image, 5 images.
        images=ImageLimits(max_pixels=33_177_600, max_images=5, max_request_bytes=4 * MB),
    ),
    "deepinfra": Service(
        base_url="https://api.deepinfra.com/v1/openai",
        key_variables=("DEEPINFRA_API_KEY", "DEEPINFRA_TOKEN"),
        # docs.deepinfra.com/chat/vision, as quoted by others: 20 MB an image.
        images=ImageLimits(formats=("jpeg", "png", "webp"), max_bytes=20 * MB * 3 // 4),
    ),
    "fireworks": Service(
        base_url="https://api.fireworks.ai/inference/v1",
        key_variables=("FIREWORKS_API_KEY",),
        max_tokens=REASONING,  # its default has been 2,048; what does not fit the context is lowered by the service
        # docs.fireworks.ai/guides/querying-vision-language-models: PNG, JPEG, GIF, BMP, TIFF, PPM; all images of a
        # request under 10 MB as base64, 30 images.
        images=ImageLimits(
            formats=("jpeg", "png", "gif", "bmp", "tiff", "x-portable-anymap"),
            max_images=30,
            max_request_bytes=10 * MB,
        ),
    ),
    "dashscope": Service(
        base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        key_variables=("DASHSCOPE_API_KEY",),
        renamed=NEWER_NAME,  # its max_tokens leaves reasoning out
        # alibabacloud.com/help/en/model-studio/error-code: BMP, JPEG, JPEG 2000, PNG, TIFF, WebP; 10 MB an item. Others
        # measured 6 MiB for the whole request (anomalyco/opencode#35112, langgenius/dify#35311).
        images=ImageLimits(
            formats=("jpeg", "png", "webp", "bmp", "tiff", "jp2"),
            max_bytes=10 * MB * 3 // 4,
            max_request_bytes=6 * MIB,
        ),
    ),
    "moonshot": Service(
        base_url="https://api.moonshot.ai/v1",
        key_variables=("MOONSHOT_API_KEY",),
        renamed=NEWER_NAME,
        max_tokens=REASONING,  # the vendor's pages and others' reports disagree on the default
        # platform.moonshot.ai/docs/guide/use-kimi-vision-model: PNG, JPEG, WebP, GIF; 100 MB a request.
        images=ImageLimits(max_request_bytes=100 * MB),
    ),
    "nvidia": Service(
        base_url="https://integrate.api.nvidia.com/v1",
        key_variables=("NVIDIA_API_KEY",),
        max_tokens=REASONING,  # its default cuts models that reason, others report: NousResearch/hermes-agent#12152
        # Not documented; third parties measured 25 MiB a request. Samples of single models refuse 180,000 characters of
        # base64 an image, at another address: the page says how to keep that.
        images=ImageLimits(formats=("jpeg", "png"), max_request_bytes=25 * MB),
    ),
    "huggingface": Service(
        base_url="https://router.huggingface.co/v1",
        key_variables=("HF_TOKEN",),
        max_tokens=REASONING,  # the default is that of the provider behind it: 2,048 at some, huggingface/chat-ui#2133
    ),
    "lmstudio": Service(
        base_url="http://127.0.0.1:1234/v1",
        key_variables=("LM_API_TOKEN",),
        key_needed=False,
        # lmstudio.ai/docs/python/llm-prediction/image-input: JPEG, PNG, WebP; but its chat completions refuse WebP
        # (lmstudio-ai/lmstudio-bug-tracker#1752).
        images=ImageLimits(formats=("jpeg", "png")),
    ),
    "vllm": Service(base_url="http://127.0.0.1:8000/v1", key_variables=("VLLM_API_KEY",), key_needed=False),
    "ollama": Service(
        base_url="http://127.0.0.1:11434/v1",
        key_variables=("OLLAMA_API_KEY",),
        key_needed=False,
        images=ImageLimits(formats=("jpeg", "png")),  # not documented; older versions take no more
    ),
    "sandbox": Service(base_url="http://127.0.0.1:8808/v1"),
}
