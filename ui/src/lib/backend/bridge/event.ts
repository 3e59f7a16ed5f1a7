/** Stands in for `@tauri-apps/api/event` in a browser: one stream of server-sent events for all listeners. */
type Hear = (event: { payload: unknown }) => void;

const listeners = new Map<string, Set<Hear>>();
let source: EventSource | undefined;

export async function listen<T>(name: string, hear: (event: { payload: T }) => void): Promise<() => void> {
  const heard = hear as Hear;
  const set = listeners.get(name) ?? new Set<Hear>();
  listeners.set(name, set.add(heard));
  await connected();
  return () => set.delete(heard);
}

async function connected(): Promise<void> {
  if (source) return;
  const opened = new EventSource("/events");
  source = opened;
  opened.addEventListener("message", (message: MessageEvent<string>) => {
    const { event, payload } = JSON.parse(message.data) as { event: string; payload: unknown };
    for (const hear of listeners.get(event) ?? []) hear({ payload });
  });
  // Whoever listens expects to miss nothing that happens after.
  await new Promise<void>((resolve) => {
    opened.addEventListener("open", () => resolve(), { once: true });
    opened.addEventListener("error", () => resolve(), { once: true });
  });
}

/** The page only listens; the generated bindings name the rest. */
const never = () => Promise.reject(new Error("the page sends no events"));
export { never as emit, never as emitTo, never as once };
