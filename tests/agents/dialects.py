"""How four interfaces of model providers put one answer into a response: as JSON, and as a stream of events."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the model answers to one request: text, or a call of a tool, or neither."""

    text: str = ""
    tool: str = ""
    arguments: Json | str | None = None


ANTHROPIC_USAGE = {
    "input_tokens": 100,
    "cache_creation_input_tokens": 20,
    "cache_read_input_tokens": 30,
    "output_tokens": 7,
}
CHAT_USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 7,
    "total_tokens": 107,
    "prompt_tokens_details": {"cached_tokens": 30},
    "completion_tokens_details": {"reasoning_tokens": 2},
}
RESPONSES_USAGE = {
    "input_tokens": 100,
    "input_tokens_details": {"cached_tokens": 30, "cache_write_tokens": 20},
    "output_tokens": 7,
    "output_tokens_details": {"reasoning_tokens": 2},
    "total_tokens": 107,
}
GEMINI_USAGE = {
    "promptTokenCount": 100,
    "candidatesTokenCount": 7,
    "totalTokenCount": 109,
    "cachedContentTokenCount": 30,
    "thoughtsTokenCount": 2,
}


def anthropic(answer: Answer, model: str, n: int) -> tuple[Json, list[str]]:
    """`/v1/messages`."""
    block: Json | None = {"type": "text", "text": answer.text} if answer.text else None
    if answer.tool:
        block = {"type": "tool_use", "id": f"toolu_{n:04}", "name": answer.tool, "input": answer.arguments}
    message = {"id": f"msg_{n:04}", "type": "message", "role": "assistant", "model": model}
    stop = "tool_use" if answer.tool else "end_turn"
    whole = {
        **message,
        "content": [block] if block else [],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": ANTHROPIC_USAGE,
    }
    begun = {**whole, "content": [], "stop_reason": None, "usage": {**ANTHROPIC_USAGE, "output_tokens": 1}}
    events: list[Json] = [{"type": "message_start", "message": begun}]
    if block:
        start = {**block, "input": {}} if answer.tool else {**block, "text": ""}
        delta = (
            {"type": "input_json_delta", "partial_json": json.dumps(answer.arguments)}
            if answer.tool
            else {"type": "text_delta", "text": answer.text}
        )
        events += [
            {"type": "content_block_start", "index": 0, "content_block": start},
            {"type": "content_block_delta", "index": 0, "delta": delta},
            {"type": "content_block_stop", "index": 0},
        ]
    events += [
        {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}, "usage": ANTHROPIC_USAGE},
        {"type": "message_stop"},
    ]
    return whole, [_event(event, event["type"]) for event in events]


def chat(answer: Answer, model: str, n: int) -> tuple[Json, list[str]]:
    """`/v1/chat/completions`."""
    call = {
        "index": 0,
        "id": f"call_{n:04}",
        "type": "function",
        "function": {"name": answer.tool, "arguments": json.dumps(answer.arguments)},
    }
    said: Json = {"tool_calls": [call]} if answer.tool else {"content": answer.text}
    finish = "tool_calls" if answer.tool else "stop"
    head = {"id": f"chat_{n:04}", "created": 1, "model": model}
    whole = {
        **head,
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": None, **said}, "finish_reason": finish}],
        "usage": CHAT_USAGE,
    }
    chunk = {**head, "object": "chat.completion.chunk"}
    events = [
        {**chunk, "choices": [{"index": 0, "delta": {"role": "assistant", **said}, "finish_reason": None}]},
        {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]},
        {**chunk, "choices": [], "usage": CHAT_USAGE},
    ]
    return whole, [*map(_event, events), "data: [DONE]\n\n"]


def responses(answer: Answer, model: str, n: int) -> tuple[Json, list[str]]:
    """`/v1/responses`."""
    item: Json = {
        "type": "message",
        "id": f"item_{n:04}",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": answer.text, "annotations": []}],
    }
    if answer.tool:
        item = {"id": f"item_{n:04}", "call_id": f"call_{n:04}", "name": answer.tool, "status": "completed"}
        if isinstance(answer.arguments, str):
            item |= {"type": "custom_tool_call", "input": answer.arguments}
        else:
            item |= {"type": "function_call", "arguments": json.dumps(answer.arguments)}
    whole = {
        "id": f"resp_{n:04}",
        "object": "response",
        "status": "completed",
        "model": model,
        "output": [item],
        "usage": RESPONSES_USAGE,
    }
    events: list[Json] = [
        {"type": "response.created", "response": {**whole, "status": "in_progress", "output": [], "usage": None}},
        {"type": "response.output_item.added", "output_index": 0, "item": {**item, "status": "in_progress"}},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    return whole, [_event(event, event["type"]) for event in events]


def gemini(answer: Answer, model: str, n: int) -> tuple[Json, list[str]]:
    """`:generateContent` and `:streamGenerateContent`."""
    part = {"functionCall": {"name": answer.tool, "args": answer.arguments}} if answer.tool else {"text": answer.text}
    whole = {
        "candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": GEMINI_USAGE,
        "modelVersion": model,
        "responseId": f"r{n:04}",
    }
    if not answer.text:
        return whole, [_event(whole)]
    first, rest = (
        {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0} for text in _halves(answer.text)
    )
    return whole, [_event({"candidates": [first]}), _event({**whole, "candidates": [{**rest, "finishReason": "STOP"}]})]


DIALECTS = {
    "/messages": anthropic,
    "/chat/completions": chat,
    "/responses": responses,
    "enerateContent": gemini,
}
"""Each interface by what the path of its requests ends with."""


def tools(request: Mapping[str, Any]) -> dict[str, Json]:
    """The tools that a request offers: the schema of the arguments by name; no schema is a tool that takes text."""
    return dict(_tools(request.get("tools") or []))


def _tools(listed: list[Json]) -> Iterator[tuple[str, Json]]:
    for tool in listed:
        if "functionDeclarations" in tool:
            for function in tool["functionDeclarations"]:
                yield function["name"], function.get("parametersJsonSchema") or function.get("parameters") or {}
        elif isinstance(tool.get("function"), dict):
            yield tool["function"]["name"], tool["function"].get("parameters") or {}
        elif tool.get("type") == "custom":
            yield tool["name"], {}
        elif "name" in tool:
            yield tool["name"], tool.get("input_schema") or tool.get("parameters") or {"type": "object"}


def has_tool_result(request: Mapping[str, Any]) -> bool:
    """Whether the conversation holds the result of a tool already."""
    text = json.dumps([request.get(key) for key in ("messages", "input", "contents")])
    return any(mark in text for mark in ('"tool_result"', '"role": "tool"', '_call_output"', '"functionResponse"'))


def _halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


def _event(body: Json, name: str = "") -> str:
    return (f"event: {name}\n" if name else "") + f"data: {json.dumps(body)}\n\n"
