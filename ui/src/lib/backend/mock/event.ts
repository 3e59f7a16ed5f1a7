/** Stands in for `@tauri-apps/api/event`: the world of the mock tells its notices here. */
type Hear = (event: { payload: unknown }) => void;

const listeners = new Map<string, Set<Hear>>();

export async function listen<T>(name: string, hear: (event: { payload: T }) => void): Promise<() => void> {
  const heard = hear as Hear;
  const set = listeners.get(name) ?? new Set<Hear>();
  listeners.set(name, set.add(heard));
  return () => set.delete(heard);
}

export function emit(name: string, payload: unknown): void {
  for (const hear of listeners.get(name) ?? []) hear({ payload });
}

/** The page only listens; the generated bindings name the rest. */
const never = () => Promise.reject(new Error("the page sends no events"));
export { never as emitTo, never as once };
