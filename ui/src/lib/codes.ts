/** Pictures of codes, before the shell reads them. */

/** A picture of a code that is larger than this was not cut to it. */
export const pictureBytesMax = 8 * 1024 * 1024;

/** Why a picture was not read, or nothing was found in it. */
export type CodeProblem = "pictureType" | "pictureLarge" | "pictureNone";

/** Why a picture is not even looked at; null if it is. */
export function problemOf(picture: File): CodeProblem | null {
  if (!["image/png", "image/jpeg"].includes(picture.type)) return "pictureType";
  return picture.size > pictureBytesMax ? "pictureLarge" : null;
}
