/** Stands in for `@tauri-apps/api/core` in a browser: one POST per command. */
export async function invoke<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  const answer = await fetch(`/invoke/${command}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(args),
  });
  if (answer.status !== 200 && answer.status !== 422) {
    throw { kind: "internal", message: `the bridge answered ${String(answer.status)}` };
  }
  const body: unknown = await answer.json();
  if (answer.status === 422) throw body;
  return body as T;
}
