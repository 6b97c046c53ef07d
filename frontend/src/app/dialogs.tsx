/** Every dialog by its name in the URL, loaded when it is first opened. */
import { useLocation } from '@tanstack/react-router'
import { type ComponentType, lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { Role } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { type DialogAddress, DialogContext, useCloseDialog } from '@/lib/dialog'
import { isClosed, markClosed } from '@/lib/dialogHistory'
import { returnFocus } from '@/lib/focus'
import { hasRole } from '@/lib/role'
import { useChangeSearch } from '@/lib/useChangeSearch'

const bulk = () => import('@/features/deferred/BulkDialogs')

const dialogs: Record<string, ComponentType> = {
  'create-account': lazy(() => import('@/features/accounts/CreateAccountDialog')),
  'edit-account': lazy(() => import('@/features/accounts/EditAccountDialog')),
  'add-contact': lazy(() => import('@/features/contacts/AddContactDialog')),
  'edit-contact': lazy(() => import('@/features/contacts/EditContactDialog')),
  'remove-contact': lazy(() => import('@/features/contacts/RemoveContactDialog')),
  'edit-note': lazy(() => import('@/features/notes/EditNoteDialog')),
  'delete-note': lazy(() => import('@/features/notes/DeleteNoteDialog')),
  'change-status': lazy(() => import('@/features/status/ChangeStatusDialog')),
  'change-statuses': lazy(() => import('@/features/status/ChangeStatusesDialog')),
  'retry-status-changes': lazy(() => import('@/features/status/RetryStatusChangesDialog')),
  'change-hierarchy': lazy(() => import('@/features/hierarchy/ChangeHierarchyDialog')),
  'add-service': lazy(() => import('@/features/assets/AddServiceDialog')),
  'check-usage': lazy(() => import('@/features/assets/AuthorizationDialog')),
  'purchase-offer': lazy(() => import('@/features/assets/PurchaseOfferDialog')),
  'add-bill-unit': lazy(() => import('@/features/billunits/AddBillUnitDialog')),
  'change-payer': lazy(() => import('@/features/billunits/ChangePayerDialog')),
  'add-payment-method': lazy(() => import('@/features/payments/AddPaymentMethodDialog')),
  'edit-expiration': lazy(() => import('@/features/payments/EditExpirationDialog')),
  'charge-now': lazy(() => import('@/features/payments/ChargeNowDialog')),
  'record-payment': lazy(() => import('@/features/payments/RecordPaymentDialog')),
  'create-offer': lazy(() => import('@/features/catalog/CreateOfferDialog')),
  'run-deferred': lazy(() => bulk().then((module) => ({ default: module.RunDialog }))),
  'reschedule-deferred': lazy(() =>
    bulk().then((module) => ({ default: module.RescheduleDialog })),
  ),
  'cancel-deferred': lazy(() => bulk().then((module) => ({ default: module.CancelDialog }))),
  charge: lazy(() => import('@/features/bills/ChargeDialog')),
  'open-dispute': lazy(() => import('@/features/disputes/OpenDisputeDialog')),
  'settle-dispute': lazy(() => import('@/features/disputes/SettleDisputeDialog')),
  adjust: lazy(() => import('@/features/disputes/AdjustDialog')),
  'start-job': lazy(() => import('@/features/jobs/StartJobDialog')),
  'cancel-job': lazy(() => import('@/features/jobs/CancelJobDialog')),
  'delete-import-file': lazy(() => import('@/features/imports/DeleteImportFileDialog')),
  'retry-failures': lazy(() => import('@/features/jobs/RetryFailuresDialog')),
  'create-user': lazy(() => import('@/features/users/CreateUserDialog')),
  'edit-user': lazy(() => import('@/features/users/EditUserDialog')),
  'reset-password': lazy(() => import('@/features/users/ResetPasswordDialog')),
  'end-sessions': lazy(() => import('@/features/users/EndSessionsDialog')),
  'create-token': lazy(() => import('@/features/tokens/CreateTokenDialog')),
  'revoke-token': lazy(() => import('@/features/tokens/RevokeTokenDialog')),
  'create-reason': lazy(() => import('@/features/reasons/CreateReasonDialog')),
  'edit-reason': lazy(() => import('@/features/reasons/EditReasonDialog')),
  'create-webhook': lazy(() => import('@/features/webhooks/CreateWebhookDialog')),
  'edit-webhook': lazy(() => import('@/features/webhooks/EditWebhookDialog')),
  'test-webhook': lazy(() => import('@/features/webhooks/TestWebhookDialog')),
  'rotate-secret': lazy(() => import('@/features/webhooks/RotateSecretDialog')),
  'delete-webhook': lazy(() => import('@/features/webhooks/DeleteWebhookDialog')),
  keyboard: lazy(() => import('@/features/shell/KeyboardDialog')),
}

/** The role that a dialog needs, if it is not AGENT. */
const needed: Record<string, Role> = {
  keyboard: 'VIEWER',
  charge: 'VIEWER',
  'check-usage': 'VIEWER',
  'settle-dispute': 'MANAGER',
  adjust: 'MANAGER',
  'record-payment': 'MANAGER',
  'create-offer': 'MANAGER',
  'start-job': 'MANAGER',
  'delete-import-file': 'ADMIN',
  'create-user': 'ADMIN',
  'edit-user': 'ADMIN',
  'reset-password': 'ADMIN',
  'end-sessions': 'ADMIN',
  'create-token': 'ADMIN',
  'revoke-token': 'ADMIN',
  'create-reason': 'ADMIN',
  'edit-reason': 'ADMIN',
  'create-webhook': 'ADMIN',
  'edit-webhook': 'ADMIN',
  'test-webhook': 'ADMIN',
  'rotate-secret': 'ADMIN',
  'delete-webhook': 'ADMIN',
}

export function DialogHost({ address }: { address: DialogAddress }) {
  const closeDialog = useCloseDialog()
  const { viewer } = useBusiness()
  const name = address.dialog
  const entry = useLocation({ select: ({ state }) => state.dialogEntry })
  const wasClosed = entry !== undefined && isClosed(entry)
  const allowed =
    name !== undefined &&
    name in dialogs &&
    hasRole(viewer.role, needed[name] ?? 'AGENT') &&
    !wasClosed
  const [shown, setShown] = useState<DialogAddress | null>(null)
  if (allowed && JSON.stringify(shown) !== JSON.stringify(address)) setShown(address)
  useClosedEntries(name === undefined ? undefined : entry)
  const wasAllowed = useRef(false)
  useEffect(() => {
    const isClosing = wasAllowed.current && !allowed
    wasAllowed.current = allowed
    return isClosing ? returnFocus() : undefined
  }, [allowed])
  const removeFromUrl = useChangeSearch<DialogAddress>()
  useEffect(() => {
    if (wasClosed && name)
      removeFromUrl({ dialog: undefined, on: undefined, choice: undefined }, { replace: true })
  }, [wasClosed, name, removeFromUrl])
  const Dialog = shown?.dialog ? dialogs[shown.dialog] : undefined
  if (!Dialog || !shown) return null
  const state = {
    opened: allowed,
    close: () => closeDialog({ saved: true }),
    leave: () => closeDialog({ saved: false }),
    gone: () => setShown(null),
    address: shown,
  }
  return (
    <DialogContext value={state}>
      <Suspense>
        <Dialog key={JSON.stringify(shown)} />
      </Suspense>
    </DialogContext>
  )
}

/** Remembers the entry of a dialog as closed when another entry takes its place. */
function useClosedEntries(entry: string | undefined): void {
  const previous = useRef(entry)
  useEffect(() => {
    if (previous.current && previous.current !== entry) markClosed(previous.current)
    previous.current = entry
  }, [entry])
}
