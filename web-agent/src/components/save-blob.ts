/** Offers a file to the person as a download. */
export function saveBlob(blob: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  // The download has begun by then. The address would keep the bytes in memory for the life of the page.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
