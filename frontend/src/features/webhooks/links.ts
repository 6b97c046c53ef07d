/** Links to the screens of webhooks and their dialogs. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'

export const webhooksLink = linkOptions({ to: '/webhooks' })

export function webhookLink(id: string) {
  return linkOptions({ to: '/webhooks/$webhook', params: { webhook: id } })
}

export const createWebhook: DialogAddress = { dialog: 'create-webhook' }

export const editWebhook = (id: string): DialogAddress => ({ dialog: 'edit-webhook', on: [id] })

export const testWebhook = (id: string): DialogAddress => ({ dialog: 'test-webhook', on: [id] })

export const rotateSecret = (id: string): DialogAddress => ({ dialog: 'rotate-secret', on: [id] })

export const deleteWebhook = (id: string): DialogAddress => ({ dialog: 'delete-webhook', on: [id] })
