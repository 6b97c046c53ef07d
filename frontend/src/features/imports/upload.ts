/**
 * Uploads a file, which goes on while other screens are shown; before the page itself is left, the
 * browser asks. `XMLHttpRequest` reports the progress, which `fetch` does not.
 */
import { t } from '@lingui/core/macro'
import { serverText } from '@/lib/serverMessage'
import { waitForSignIn } from '@/lib/sessionEnd'
import { createStore } from '@/lib/store'

export const largestFile = 256 * 1024 * 1024

const mediaTypes: Record<string, string> = {
  jsonl: 'application/jsonl',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  csv: 'text/csv',
}

export const acceptedNames = Object.keys(mediaTypes)
  .map((ending) => `.${ending}`)
  .join(',')

export type UploadOutcome = { id: string } | { problem: string } | 'cancelled'

interface Upload {
  file: File
  percent: number
  cancel: () => void
}

const current = createStore<Upload | null>(null)

/** The upload that is going on. */
export const useUpload = current.use

window.addEventListener('beforeunload', (event) => {
  if (current.get()) event.preventDefault()
})

/** Why a file is not worth sending; null if the server decides. */
export function problemOf(file: File): string | null {
  const ending = file.name.split('.').pop()?.toLowerCase() ?? ''
  if (!(ending in mediaTypes)) return t`Choose a JSON Lines file (.jsonl) or a CSV file (.csv).`
  if (file.size === 0) return t`The file is empty.`
  if (file.size > largestFile) {
    return t`A file has at most 256 MB. Split it, or import it on the server with "tenure import".`
  }
  return null
}

/** If the session has ended, the file is sent again after the sign-in. */
export async function upload(file: File): Promise<UploadOutcome> {
  const answer = await send(file)
  if (answer === 'cancelled') return answer
  if (answer.status === 401) {
    await waitForSignIn()
    return upload(file)
  }
  if (answer.status === 201 && answer.body.id) return { id: answer.body.id }
  if (answer.status === 0) {
    return { problem: t`Can't reach Tenure. Check your connection and try again.` }
  }
  return {
    problem: answer.body.error
      ? serverText(answer.body.error)
      : t`Something went wrong. Try again.`,
  }
}

interface Answer {
  status: number
  body: { id?: string; error?: string }
}

function send(file: File): Promise<Answer | 'cancelled'> {
  const request = new XMLHttpRequest()
  const showProgress = (percent: number) =>
    current.set({ file, percent, cancel: () => request.abort() })
  const ending = file.name.split('.').pop()?.toLowerCase() ?? ''
  showProgress(0)
  return new Promise((resolve) => {
    request.upload.onprogress = ({ loaded, total }) =>
      showProgress(Math.floor((loaded / total) * 100))
    request.onabort = () => resolve('cancelled')
    request.onloadend = () => {
      current.set(null)
      resolve({ status: request.status, body: request.response ?? {} })
    }
    request.open('POST', `/imports?${new URLSearchParams({ name: file.name })}`)
    request.responseType = 'json'
    request.setRequestHeader('content-type', mediaTypes[ending] ?? 'application/octet-stream')
    request.send(file)
  })
}
