/** Every dialog by its name in the URL, loaded when it is first opened. */
import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react'
import { type DialogAddress, DialogContext, useOpenDialog } from '@/lib/dialog'
import { returnFocus } from '@/lib/focus'

const bulk = () => import('@/features/deferred/BulkDialogs')

const dialogs: Record<string, ComponentType> = {
  'create-account': lazy(() => import('@/features/accounts/CreateAccountDialog')),
  'edit-account': lazy(() => import('@/features/accounts/EditAccountDialog')),
  'change-status': lazy(() => import('@/features/status/ChangeStatusDialog')),
  'change-hierarchy': lazy(() => import('@/features/hierarchy/ChangeHierarchyDialog')),
  'add-service': lazy(() => import('@/features/assets/AddServiceDialog')),
  'purchase-offer': lazy(() => import('@/features/assets/PurchaseOfferDialog')),
  'add-bill-unit': lazy(() => import('@/features/billunits/AddBillUnitDialog')),
  'change-payer': lazy(() => import('@/features/billunits/ChangePayerDialog')),
  'run-deferred': lazy(() => bulk().then((module) => ({ default: module.RunDialog }))),
  'reschedule-deferred': lazy(() => bulk().then((module) => ({ default: module.RescheduleDialog }))),
  'cancel-deferred': lazy(() => bulk().then((module) => ({ default: module.CancelDialog }))),
  'job-failures': lazy(() => import('@/features/jobs/JobFailuresDialog')),
  keyboard: lazy(() => import('@/features/shell/KeyboardDialog')),
}

/** What a viewer may open; the others change something. */
const forReaders = ['job-failures', 'keyboard']

interface DialogHostProps {
  address: DialogAddress
  mayChange: boolean
}

export function DialogHost({ address, mayChange }: DialogHostProps) {
  const open = useOpenDialog()
  const name = address.dialog
  const allowed = name !== undefined && name in dialogs && (mayChange || forReaders.includes(name))
  const [shown, setShown] = useState<DialogAddress | null>(null)
  if (allowed && JSON.stringify(shown) !== JSON.stringify(address)) setShown(address)
  useEffect(() => (allowed ? undefined : returnFocus()), [allowed])
  const Dialog = shown?.dialog ? dialogs[shown.dialog] : undefined
  if (!Dialog || !shown) return null
  const close = () => open({ dialog: undefined })
  return (
    <DialogContext value={{ opened: allowed, close, gone: () => setShown(null), address: shown }}>
      <Suspense>
        <Dialog key={JSON.stringify(shown)} />
      </Suspense>
    </DialogContext>
  )
}
