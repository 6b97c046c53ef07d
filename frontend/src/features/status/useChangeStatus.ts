/** Changes the status of an account or of an asset. */
import type { UseFormReturnType } from '@mantine/form'
import type { ChangeAssetStatusInput } from '@/gql/graphql'
import type { Subject } from '@/lib/holds'
import { useAction } from '@/lib/useAction'
import { ChangeAccountStatusDocument, ChangeAssetStatusDocument } from './operations.generated'

type Change = Omit<ChangeAssetStatusInput, 'assetId' | 'backdateTo'>

export function useChangeStatus<Values extends object>(
  kind: Subject,
  form: UseFormReturnType<Values>,
) {
  const account = useAction(ChangeAccountStatusDocument, (data) => data.changeAccountStatus, form)
  const asset = useAction(ChangeAssetStatusDocument, (data) => data.changeAssetStatus, form)
  const { busy, problems } = kind === 'account' ? account : asset

  function run(id: string, { login, ...change }: Change) {
    return kind === 'account'
      ? account.run({ input: { accountId: id, ...change } })
      : asset.run({ input: { assetId: id, login, ...change } })
  }

  return { run, busy, problems }
}
