/** Bytes as the commands of the shell take them. */
export function base64Of(bytes: Uint8Array): string {
  // In pieces, because every byte becomes an argument.
  const step = 0x8000;
  let text = "";
  for (let at = 0; at < bytes.length; at += step) {
    text += String.fromCharCode(...bytes.subarray(at, at + step));
  }
  return btoa(text);
}

export async function base64OfFile(file: File): Promise<string> {
  return base64Of(new Uint8Array(await file.arrayBuffer()));
}
